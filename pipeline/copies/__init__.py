"""Near-copies: statements that say again what another one says, in nearly the same words; and which corrects which."""

from pipeline.copies.bands import Signatures, candidates
from pipeline.copies.group import Group, groups
from pipeline.copies.minhash import signature
from pipeline.copies.similarity import similarity

__all__ = ["Group", "Signatures", "candidates", "groups", "signature", "similarity"]
