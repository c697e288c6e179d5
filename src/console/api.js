const TIMEOUT_MS = 5000;
const TOKEN_KEY = 'sequitur-token';

/** The service requires a token, or refused the token. `message` is the service's reply. */
export class TokenNeeded extends Error {}

export const hasToken = () => sessionStorage.getItem(TOKEN_KEY) !== null;
export const keepToken = (token) => sessionStorage.setItem(TOKEN_KEY, token);

/**
 * Sends GET for a path of the API. Throws on an error reply. `parse` reads the text of a successful
 * reply. The token is sent in a header, never in a URL.
 */
export async function get(path, parse = JSON.parse) {
  const token = sessionStorage.getItem(TOKEN_KEY);
  const response = await fetch(path, {
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
    cache: 'no-store',
  });
  const text = await response.text();
  if (response.ok) return parse(text);
  const message = messageOf(text) ?? `status ${response.status}`;
  if (response.status === 401) throw new TokenNeeded(message);
  throw new Error(message);
}

function messageOf(text) {
  try {
    return JSON.parse(text).error.message;
  } catch {
    return null;
  }
}
