/**
 * Elements without markup: all text goes in as text nodes, so nothing that a user or an event wrote
 * can become an element. `children` are nodes or text; absent ones (null) are left out.
 */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Changes the text only if it is another, so that a selection of the reader survives. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function byId(id) {
  return document.getElementById(id);
}
