/* What the page was made with. */

export const config = JSON.parse(document.getElementById("incidents-config").textContent);
