"""The starter pack: the sixteen stages and the 81 defect codes a new workspace begins with."""
