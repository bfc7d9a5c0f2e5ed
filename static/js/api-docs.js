// Shows the OpenAPI document; a key typed there stays in this page.
"use strict";
const place = document.getElementById("docs");
window.SwaggerUIBundle({ url: place.dataset.url, domNode: place, deepLinking: true, docExpansion: "list" });
