import { ApiError, NetworkError } from "@explaino/client";
import { h, type Child } from "./dom";

export interface Field {
  readonly name: string;
  readonly label: string;
  readonly value?: string | null;
  readonly type?: "text" | "email" | "password" | "number" | "area";
  readonly hint?: string;
  readonly required?: boolean;
  readonly maxlength?: number;
  readonly autocomplete?: string;
}

let number = 0;

/** Labelled fields and a button; what the server says about a field stands beside it. */
export function form(fields: Field[], action: string, submit: (values: Record<string, string>) => Promise<unknown>, ...extra: Child[]): HTMLFormElement {
  const shown = fields.map((field) => ({ field, ...control(field) }));
  const problem = h("p", { class: "problem", role: "alert", hidden: true });
  const button = h("button", { class: "primary", type: "submit" }, action);

  const send = async () => {
    button.disabled = true;
    problem.hidden = true;
    shown.forEach(({ input, error }) => (input.removeAttribute("aria-invalid"), (error.textContent = "")));
    try {
      await submit(Object.fromEntries(shown.map(({ field, input }) => [field.name, input.value])));
    } catch (error) {
      const faulty = error instanceof ApiError ? shown.filter(({ field }) => error.about(field.name).length > 0) : [];
      for (const { field, input, error: place } of faulty) {
        input.setAttribute("aria-invalid", "true");
        place.textContent = (error as ApiError).about(field.name).join(" ");
      }

      problem.hidden = faulty.length > 0;
      problem.textContent = sentenceOf(error);
      faulty[0]?.input.focus();
    } finally {
      button.disabled = false;
    }
  };

  return h(
    "form",
    { onsubmit: (event: SubmitEvent) => (event.preventDefault(), void send()) },
    ...shown.map(({ element }) => element),
    problem,
    h("div", { class: "actions" }, button, ...extra),
  );
}

export function sentenceOf(error: unknown): string {
  if (error instanceof NetworkError) {
    return "Explaino cannot be reached at the moment.";
  }

  return error instanceof Error ? error.message : String(error);
}

function control({ name, label, type = "text", value, hint, ...rest }: Field) {
  const id = `${name}-${number++}`;
  const error = h("p", { class: "problem", id: `${id}-error` });
  const props = { id, name, ...rest, "aria-describedby": `${id}-error${hint === undefined ? "" : ` ${id}-hint`}` };
  const input = type === "area" ? h("textarea", { ...props, rows: 4 }) : h("input", { ...props, type });
  input.value = value ?? "";
  const element = h("div", { class: "field" }, h("label", { for: id }, label), input, hint !== undefined && h("p", { class: "hint", id: `${id}-hint` }, hint), error);
  return { element, input, error };
}
