"""Named events of workspaces, sent after the change is committed."""

from django.dispatch import Signal

# kwargs: workspace, actor, now. Sent inside the new workspace's scope, before its first commit,
# so that rooms can lay in what every workspace starts with.
workspace_created = Signal()

# kwargs: workspace, email, role, secret, language, inviter. After commit; the secret is nowhere else.
member_invited = Signal()
