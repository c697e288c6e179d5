/**
 * Returns the parts of a URL as Java's `java.net.URL` names them, from the raw text (nothing is
 * decoded). NULL for a missing part.
 */
export function parseUrl(url: string, part: string, key?: string): string | null {
  const parts = /^([A-Za-z][A-Za-z0-9+.-]*):(?:\/\/([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/.exec(url);
  if (parts === null) return null;
  const [, protocol, authority = '', path = '', query, ref] = parts;
  if (key !== undefined) return part === 'QUERY' ? queryValue(query, key) : null;
  const at = authority.lastIndexOf('@');
  switch (part) {
    case 'HOST':
      return authority.slice(at + 1).replace(/:\d*$/, '') || null;
    case 'PATH':
      return path;
    case 'QUERY':
      return query ?? null;
    case 'REF':
      return ref ?? null;
    case 'PROTOCOL':
      return protocol!;
    case 'AUTHORITY':
      return authority || null;
    case 'FILE':
      return query === undefined ? path : `${path}?${query}`;
    case 'USERINFO':
      return at < 0 ? null : authority.slice(0, at);
    default:
      return null;
  }
}

function queryValue(query: string | undefined, key: string): string | null {
  for (const pair of (query ?? '').split('&')) {
    const equals = pair.indexOf('=');
    if (equals > 0 && pair.slice(0, equals) === key) return pair.slice(equals + 1);
  }
  return null;
}
