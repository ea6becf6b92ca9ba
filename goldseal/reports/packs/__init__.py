"""Buyers' packs: how a buyer wants the same record on paper, in a sheet and in an exchange file. Plain Python."""
