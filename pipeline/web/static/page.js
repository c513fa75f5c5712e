// What the page does beyond links and forms. Everything works without it.
"use strict";

// Ctrl+K (Cmd+K) leads to the search box.
document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    const box = document.querySelector('input[type="search"]');
    if (box) {
      event.preventDefault();
      box.focus();
      box.select();
    }
  }
});

// A long statement opens at the instruction that is asked for, where it is out of sight; the topmost line is a whole one.
const panel = document.querySelector(".statement");
const core = document.getElementById("instruction");
if (panel && core) {
  const first = core.getClientRects()[0];
  const frame = panel.getBoundingClientRect();
  if (first && first.bottom + first.height > frame.bottom) {
    const range = document.createRange();
    range.selectNodeContents(panel);
    const pieces = [...range.getClientRects()].filter((piece) => piece.height && Math.abs(piece.top - first.top) < panel.clientHeight);
    const start = frame.top + panel.clientTop;
    const wanted = Math.min(first.top - start - panel.clientHeight / 3, panel.scrollHeight - panel.clientHeight);
    // Where a line ends and the next begins, as far as the box can be moved.
    const between = pieces.map((piece) => {
      const above = pieces.filter((other) => (other.top + other.bottom) / 2 < piece.top).map((other) => other.bottom);
      return Math.min(piece.top, ...(above.length ? [Math.max(...above)] : [])) - start;
    });
    panel.scrollTop = Math.max(0, ...between.filter((at) => at <= wanted));
  }
}

// The box for a statement: records as soon as something is pasted.
const paste = document.getElementById("paste");
if (paste) {
  const found = document.getElementById("found");
  const analyse = async () => {
    const text = paste.elements.text.value;
    if (!text.trim()) return;
    found.textContent = paste.dataset.working;
    try {
      const answer = await fetch(paste.action, {
        method: "POST",
        headers: { "x-part": "1" },
        body: new URLSearchParams(new FormData(paste)),
      });
      if (paste.elements.text.value === text) {
        // The server escapes what it quotes, and the policy of the page runs no script in it.
        found.innerHTML = await answer.text();
      }
    } catch {
      paste.submit();
    }
  };
  paste.elements.text.addEventListener("paste", () => setTimeout(analyse, 0));
  paste.addEventListener("submit", (event) => {
    event.preventDefault();
    analyse();
  });
}

// The form for a record: what is selected in the statement goes into a field, with its place.
const statement = document.getElementById("statement");
const pick = document.getElementById("pick");
if (statement && pick) {
  const form = document.querySelector("form.edit");
  pick.hidden = false;

  // Code points of the statement before a place in it: labels do not count, a shown control counts as one.
  const offset = (node, at) => {
    const range = document.createRange();
    range.setStart(statement, 0);
    range.setEnd(node, at);
    return measure(range.cloneContents()).length;
  };
  const measure = (fragment) => {
    fragment.querySelectorAll(".tag").forEach((tag) => tag.remove());
    fragment.querySelectorAll(".control").forEach((control) => control.replaceWith("\u0000"));
    return Array.from(fragment.textContent);
  };

  let chosen = null;
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    if (statement.contains(range.commonAncestorContainer)) chosen = range.cloneRange();
  });
  pick.addEventListener("click", (event) => {
    const name = event.target.dataset.field;
    if (!name || !chosen) return;
    const raw = measure(chosen.cloneContents()).join("");
    const words = raw.trim();
    if (!words) return;
    const field = form.elements[name];
    if (name === "addressees" || name === "purposes") {
      field.value = field.value.trim() ? `${field.value.trim()}\n${words.replace(/\s+/g, " ")}` : words.replace(/\s+/g, " ");
    } else {
      field.value = words;
      const place = form.elements[`${name}_at`];
      if (place) place.value = offset(chosen.startContainer, chosen.startOffset) + Array.from(raw).length - Array.from(raw.trimStart()).length;
    }
    field.focus();
  });
  for (const name of ["trigger", "instruction", "issuer", "deadline"]) {
    form.elements[name].addEventListener("input", () => {
      form.elements[`${name}_at`].value = "";
    });
  }
}
