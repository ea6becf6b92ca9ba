"""From a nonconformity to a proof that it does not return: containment, causes, actions, effect check, SCAR."""
