// What the page asks of its server. The token came behind the # of the address, which is sent to nobody;
// it is kept for this tab, so that the page may be loaded again.

const given = location.hash.slice(1);
if (given) {
  sessionStorage.setItem("token", given);
  history.replaceState(null, "", location.pathname + location.search);
}
const token = sessionStorage.getItem("token") ?? "";

/** An answer that is no success; `stale` says what has changed: "file" or "page". */
export class Refused extends Error {
  constructor(status, value) {
    super((value.said ?? ["the server refused"]).join("\n"));
    this.status = status;
    this.stale = value.stale ?? "";
  }
}

/** Asks, and gives the value answered; throws Refused, or TypeError where the server is gone. */
export async function ask(name, body) {
  const headers = { "X-Goldwire-Token": token };
  if (body !== undefined) headers["Content-Type"] = "application/json";
  const answer = await fetch(`/api/${name}`, {
    method: body === undefined ? "GET" : "POST",
    headers,
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "omit",
  });
  let value;
  try {
    value = await answer.json();
  } catch {
    value = { said: [`the server answered ${answer.status}; open the address that the command printed`] };
  }
  if (!answer.ok) throw new Refused(answer.status, value);
  return value;
}
