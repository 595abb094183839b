// Tells along with the code what the phone's clock says and, only where the person allowed it
// before, where the phone is; the server keeps of that no more than "near" and a distance.

const form = document.querySelector("[data-check-in]");

function told(position) {
  form.elements.latitude.value = position.coords.latitude.toFixed(6);
  form.elements.longitude.value = position.coords.longitude.toFixed(6);
}

if (form) {
  form.addEventListener("submit", () => {
    form.elements.device_at.value = new Date().toISOString();
  });
  if ("asksPlace" in form.dataset) {
    navigator.geolocation?.getCurrentPosition(told, () => {}, { timeout: 8000, maximumAge: 60000 });
  }
}
