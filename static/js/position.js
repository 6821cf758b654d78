// Sends the phone's position once, when its owner taps. Without it the form stays hidden and the words have to do.
const form = document.querySelector("[data-position]");
if (form && "geolocation" in navigator) {
  form.hidden = false;
  const button = form.querySelector("button");
  const failed = form.querySelector("[data-position-failed]");
  button.addEventListener("click", () => {
    button.disabled = true;
    failed.hidden = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.elements.latitude.value = coords.latitude.toFixed(6);
        form.elements.longitude.value = coords.longitude.toFixed(6);
        form.submit();
      },
      () => {
        button.disabled = false;
        failed.hidden = false;
      },
      { enableHighAccuracy: true, timeout: 20000 },
    );
  });
}
