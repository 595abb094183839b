"""What a trial asks over HTTP."""

from django import forms


class MovementForm(forms.Form):
    """An amount of one account for another: moved at once, or set aside first."""

    AT_ONCE, SETTLED, RELEASED = "at_once", "settled", "released"

    payer = forms.IntegerField(min_value=1)
    payee = forms.IntegerField(min_value=1)
    amount = forms.IntegerField(min_value=1, max_value=100_000)
    key = forms.RegexField(r"^[\w:-]{1,60}$")
    how = forms.ChoiceField(choices=[(how, how) for how in (AT_ONCE, SETTLED, RELEASED)])
