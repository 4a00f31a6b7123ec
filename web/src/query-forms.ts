/** A named query's form leads to the console with the query and its values in the address. */
export function query_forms(): void {
  for (const form of document.querySelectorAll<HTMLFormElement>("form[data-query]")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const values = new URLSearchParams({ name: form.dataset.query ?? "" });
      for (const [key, value] of new FormData(form)) if (typeof value === "string" && value) values.set(`$${key}`, value);
      location.href = `${form.action}#${values}`;
    });
  }
}
