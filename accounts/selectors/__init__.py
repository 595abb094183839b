"""Questions about people, places, organisations and the trail, as pages ask them."""
