"""The starter pack: the sixteen stages, the factory audit and the 81 defect codes a new workspace begins with."""
