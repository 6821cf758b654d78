// At the sign-in page nobody is signed in: pages kept for the one before are none of the next one's business. What he entered and has
// not sent stays on the tablet; only he is shown it.
window.caches?.keys().then((names) => names.filter((name) => name.startsWith("reception-pages")).forEach((name) => caches.delete(name))).catch(() => {});
