// The page of the API's description: Swagger UI from our own files, over our own schema.
"use strict";

const page = document.getElementById("description");
window.SwaggerUIBundle({
  url: page.dataset.schema,
  domNode: page,
  presets: [window.SwaggerUIBundle.presets.apis],
  layout: "BaseLayout",
  deepLinking: true,
  // No badge from a server elsewhere.
  validatorUrl: null,
  persistAuthorization: false,
});
