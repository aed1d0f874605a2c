/** Making and finding elements. Text goes in as text nodes only, so nobody's words are ever markup. */

/**
 * @template {keyof HTMLElementTagNameMap} Name
 * @param {Name} name
 * @param {Readonly<Record<string, string | number | boolean>>} attributes `true` is an empty attribute, `false` none
 * @param {...(Node | string)} children
 * @returns {HTMLElementTagNameMap[Name]}
 */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [attribute, value] of Object.entries(attributes)) {
    if (value !== false) node.setAttribute(attribute, value === true ? "" : String(value));
  }
  node.append(...children);
  return node;
}

/**
 * @param {string} label
 * @param {(button: HTMLButtonElement) => void} press
 * @param {string} className
 * @param {...(Node | string)} before what stands in the button before its label
 */
export function pressable(label, press, className, ...before) {
  const button = element("button", { type: "button", class: className }, ...before, label);
  button.addEventListener("click", () => press(button));
  return button;
}

/**
 * The element of the page with this id. Throws when the page has none of that kind: the page and its script disagree.
 * @template {Element} Kind
 * @param {string} id
 * @param {new () => Kind} kind
 * @returns {Kind}
 */
export function part(id, kind) {
  const found = document.getElementById(id);
  if (found instanceof kind) return found;
  throw new Error(`The page has no ${kind.name} #${id}`);
}

/** @returns {DocumentFragment} a fresh copy of the bridge */
export function bridgeScene() {
  const { content } = part("bridge-scene", HTMLTemplateElement);
  return document.importNode(content, true);
}

/**
 * @param {string} text
 * @param {HTMLElement} shown the element that shows the text, selected where the clipboard is out of reach
 * @returns {Promise<boolean>} false when the reader has to copy the selection by hand
 */
export async function copyText(text, shown) {
  try {
    // Only where the page counts as secure: https, or this very machine.
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    window.getSelection()?.selectAllChildren(shown);
    return false;
  }
}
