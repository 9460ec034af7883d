import type { components } from "@explaino/client";
import { h } from "./dom";

export type Person = Pick<components["schemas"]["PersonResponse"], "id" | "username" | "first_name" | "last_name" | "profile_image"> & { deleted?: boolean };

export function nameOf(person: Person | null | undefined): string {
  const name = [person?.first_name, person?.last_name].filter(Boolean).join(" ");
  return name || person?.username || "Someone who left";
}

export function avatar(person: Person | null | undefined, large = false): HTMLElement {
  const name = nameOf(person);
  const letters = name.split(/[\s._-]+/).slice(0, 2).map((word) => word[0]?.toUpperCase() ?? "").join("");
  const hue = [...(person?.id ?? name)].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)!) % 6_007, 0) % 6;
  const picture = person?.profile_image;
  return h(
    "span",
    { class: `avatar hue-${hue}${large ? " large" : ""}`, "aria-hidden": "true" },
    picture ? h("img", { src: small(picture, large ? 256 : 64), alt: "", loading: "lazy" }) : letters,
  );
}

export function linkTo(person: Person): HTMLElement {
  return person.username === null ? h("span", {}, nameOf(person)) : h("a", { href: `#/people/${person.id}` }, nameOf(person));
}

/** "just now", "12 min", "3 h", then the day. */
export function ago(time: string): HTMLElement {
  const date = new Date(time);
  const minutes = Math.floor((Date.now() - date.getTime()) / 60_000);
  const text =
    minutes < 1 ? "just now" : minutes < 60 ? `${minutes} min` : minutes < 1_440 ? `${Math.floor(minutes / 60)} h` : date.toLocaleDateString(undefined, { day: "numeric", month: "short" });
  return h("time", { datetime: time, title: date.toLocaleString() }, text);
}

/** Pictures that Explaino keeps are there in sizes; those of elsewhere are as they are. */
function small(address: string, size: number): string {
  return address.startsWith(location.origin) ? `${address}?size=${size}` : address;
}
