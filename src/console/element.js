/**
 * Makes elements without markup: all text becomes text nodes, so text of a user or an event cannot
 * become an element. `children` are nodes or text. Null children are left out.
 */
export function element(tag, className, ...children) {
  const made = document.createElement(tag);
  if (className) made.className = className;
  made.append(...children.filter((child) => child !== null));
  return made;
}

/** Changes the text only if it differs, so that the user's selection survives. */
export function setText(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

export function byId(id) {
  return document.getElementById(id);
}
