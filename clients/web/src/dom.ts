export type Child = Node | string | number | null | false | undefined;
type Props = Record<string, string | number | boolean | null | undefined | ((event: never) => void)>;

/** An element, of text and elements alone: nothing that people wrote is ever read as HTML. */
export function h<K extends keyof HTMLElementTagNameMap>(tag: K, props: Props = {}, ...children: Child[]): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, props);
  element.append(...shown(children));
  return element;
}

export function fill(element: Element, ...children: Child[]): void {
  element.replaceChildren(...shown(children));
}

/** One of a list that changes; the same key is the same thing, and another signature shows it anew. */
export interface Item {
  readonly key: string;
  readonly signature: string;
  readonly make: () => HTMLElement;
}

/** Leaves alone what has not changed, so that the focus stays and screen readers say only what is new. */
export function keep(parent: Element, items: Item[]): void {
  const keys = new Set(items.map(({ key }) => key));
  [...parent.children].forEach((child) => keys.has((child as HTMLElement).dataset["key"] ?? "") || child.remove());
  items.forEach(({ key, signature, make }, index) => {
    const there = parent.children[index] as HTMLElement | undefined;
    if (there?.dataset["key"] !== key || there.dataset["signature"] !== signature) {
      const element = make();
      Object.assign(element.dataset, { key, signature });
      [...parent.children].find((child) => (child as HTMLElement).dataset["key"] === key)?.remove();
      parent.insertBefore(element, parent.children[index] ?? null);
    }
  });
}

const icons = {
  board: "M4 5h16M4 12h16M4 19h10",
  chat: "M4 5h16v11H9l-5 4z",
  wallet: "M4 7h16v12H4zM4 7l11-3v3M15 13h5",
  bell: "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 21h4",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c1-4 4-6 8-6s7 2 8 6",
  heart: "M12 20C5 15 3 11.500 3 8.700A4.600 4.600 0 0 1 12 7a4.600 4.600 0 0 1 9 1.700c0 2.800-2 6.300-9 11.300z",
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-5 16-3-7z",
};

/** Decoration: what it stands for is said in words beside it. */
export function icon(name: keyof typeof icons): SVGSVGElement {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", icons[name]);
  apply(svg, { viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" });
  svg.append(path);
  return svg;
}

/** Says something for a few seconds, to screen readers too. */
export function toast(text: string): void {
  const shown = h("p", { class: "toast" }, text);
  document.getElementById("toasts")!.append(shown);
  setTimeout(() => shown.remove(), 6_000);
}

function apply(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === "function") {
      element.addEventListener(name.slice(2), value as (event: Event) => void);
    } else if (value !== null && value !== undefined && value !== false) {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
}

function shown(children: Child[]): (Node | string)[] {
  return children.filter((child) => child !== null && child !== undefined && child !== false).map((child) => (child instanceof Node ? child : String(child)));
}
