"""Near-copies: statements that say again what another one says, in nearly the same words; and which corrects which."""

from pipeline.copies.group import Group, groups
from pipeline.copies.minhash import candidates, signature
from pipeline.copies.similarity import similarity

__all__ = ["Group", "candidates", "groups", "signature", "similarity"]
