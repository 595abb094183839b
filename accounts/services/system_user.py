"""The product's own user: who acts where time itself does."""

from accounts.models import User


def the_product() -> User:
    """The user of kind `system`, in whose name the product does what its terms say."""
    user = User.objects.filter(kind=User.Kind.SYSTEM).order_by("pk").first()
    name = "系统"  # not shown: a row of its own, named once
    return user or User.objects.create(kind=User.Kind.SYSTEM, display_name=name, email=None)
