"""What a person changes about themselves."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.forms.fields import CommunityField


class ProfileForm(forms.Form):
    """称呼 and community."""

    display_name = forms.CharField(
        label=_("怎么称呼您"),
        max_length=40,
        help_text=_("邻居们看到的名字，不必是真名。"),
        widget=forms.TextInput(attrs={"autocomplete": "nickname"}),
    )
    community = CommunityField(help_text=_("从近处找活动和帮助。"), required=False)
