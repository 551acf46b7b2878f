// Everything on the page is built from nodes and text; no string ever becomes markup.
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'class') node.className = value;
    else if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
    else node.setAttribute(name, value === true ? '' : value);
  }
  node.append(...children.flat().filter(child => child !== null && child !== undefined));
  return node;
}

export const $ = id => document.getElementById(id);

// Replaces only the children whose key changed, so that a button under the pointer stays the same button.
export function reconcile(parent, items) {
  const before = new Map([...parent.children].map(node => [node.dataset.key, node]));
  let place = parent.firstChild;
  for (const { key, build } of items) {
    let node = before.get(key);
    if (node) before.delete(key);
    else { node = build(); node.dataset.key = key; }
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  }
  for (const node of before.values()) node.remove();
}

export function toast(text) {
  const line = $('toast');
  line.textContent = text;
  line.hidden = false;
  clearTimeout(toast.timer);
  toast.timer = setTimeout(() => { line.hidden = true; }, 6000);
}
