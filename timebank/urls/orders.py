"""The addresses of the menu, service orders and pools."""

from django.urls import URLPattern, path

from timebank.views import (
    listings,
    order_asking,
    order_endings,
    order_serving,
    orders,
    pools,
)

urlpatterns: list[URLPattern] = [
    # For everyone
    path("time/menu/", listings.menu_page, name="menu"),
    path("time/menu/<int:pk>/", listings.listing_detail, name="listing-detail"),
    path("time/pools/", pools.pool_list, name="pool-list"),
    path("time/pools/<int:pk>/", pools.pool_detail, name="pool-detail"),
    path("time/pools/<int:pk>/give/", pools.pool_give, name="pool-give"),
    # Asking
    path("time/menu/<int:pk>/order/", order_asking.order_place, name="order-place"),
    path("time/orders/", orders.order_list, name="order-list"),
    path("time/orders/<int:pk>/", orders.order_detail, name="order-detail"),
    path("time/orders/<int:pk>/slip/", orders.order_slip, name="order-slip"),
    path("time/orders/<int:pk>/photos/<uuid:token>/", orders.order_photo, name="order-photo"),
    path("time/photos/<int:pk>/", orders.photo_draft, name="photo-draft"),
    # Serving
    path("time/board/", order_serving.board, name="board"),
    path("time/serving/", order_serving.serving, name="order-serving"),
    path("time/orders/<int:pk>/accept/", order_serving.order_accept, name="order-accept"),
    path("time/orders/<int:pk>/deliver/", order_serving.order_deliver, name="order-deliver"),
    # Judging
    path("time/orders/<int:pk>/confirm/", order_endings.order_confirm, name="order-confirm"),
    path("time/orders/<int:pk>/rate/", order_endings.order_rate, name="order-rate"),
    path("time/orders/<int:pk>/uphold/", order_endings.order_uphold, name="order-uphold"),
    path("time/disputes/", order_endings.dispute_list, name="dispute-list"),
    # The station's desk
    path("time/desk/orders/", order_serving.desk, name="desk-orders"),
    path("time/desk/orders/new/", order_asking.order_for, name="order-for"),
    path("time/desk/menu/", listings.desk_menu, name="desk-menu"),
    path("time/desk/menu/new/", listings.listing_new, name="listing-new"),
    path("time/menu/<int:pk>/edit/", listings.listing_edit, name="listing-edit"),
    path("time/menu/<int:pk>/<slug:verb>/", listings.listing_move, name="listing-move"),
    path("time/orders/<int:pk>/assign/", order_serving.order_assign, name="order-assign"),
    path("time/orders/<int:pk>/<slug:verb>/", order_endings.order_act, name="order-act"),
]
