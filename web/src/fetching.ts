// The commands on the page of downloads fetch from the host that the page was read from, wherever the data are named.
import { opened_as_file } from "./page";

const PLAIN = /^[\w@%+=:,./-]+$/;

/** Has each `curl` name this host. */
export function fetching(): void {
  if (opened_as_file) return;
  for (const commands of document.querySelectorAll<HTMLElement>("pre[data-file]")) {
    const address = new URL(encodeURI(commands.dataset.file ?? ""), location.href).href;
    const quoted = PLAIN.test(address) ? address : `'${address.replaceAll("'", "'\\''")}'`;
    commands.textContent = (commands.textContent ?? "").replace(/^curl -O .*/, () => `curl -O ${quoted}`);
  }
}
