"""Where a person may act: workspaces, memberships, roles, permissions, scopes, staff access."""
