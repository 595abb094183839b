"""The addresses of selecting the concepts of a round in two steps."""

from django.urls import URLPattern, path

from ventures.views import selections

urlpatterns: list[URLPattern] = [
    path("rounds/<slug:code>/concepts/", selections.concept_list, name="concept-list"),
    path("rounds/<slug:code>/concepts/decide/", selections.concept_decide, name="concept-decide"),
    path("rounds/<slug:code>/concepts/tally/", selections.concept_tally, name="concept-tally"),
    path("rounds/<slug:code>/concepts/tell/", selections.concept_tell, name="concept-tell"),
    path(
        "rounds/<slug:code>/concepts/readers/", selections.concept_readers, name="concept-readers"
    ),
    path(
        "rounds/<slug:code>/concepts/of/<slug:number>/",
        selections.concept_detail,
        name="concept-detail",
    ),
]
