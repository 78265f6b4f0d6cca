/* Shows the OpenAPI document. Calls are made with the key that is typed in, never with the cookie. */
const place = document.getElementById("calls");

SwaggerUIBundle({
  url: place.dataset.document,
  domNode: place,
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  validatorUrl: null,
  persistAuthorization: false,
  requestInterceptor: (request) => Object.assign(request, { credentials: "omit" }),
});
