import type { ExplainoClient } from "@explaino/client";
import { fill, h } from "../dom";
import { form } from "../forms";

/** Logging in, or making an account. */
export function signInPage({ session }: ExplainoClient): HTMLElement {
  const card = h("section", { class: "card" });
  const email = { name: "email", label: "E-mail", type: "email", required: true, autocomplete: "username", maxlength: 255 } as const;

  const showLogin = () =>
    fill(
      card,
      h("h2", {}, "Log in"),
      form(
        [email, { name: "password", label: "Password", type: "password", required: true, autocomplete: "current-password" }],
        "Log in",
        ({ email, password }) => session.login(email!, password!),
        h("button", { type: "button", class: "quiet", onclick: showSignUp }, "Make an account"),
      ),
    );

  const showSignUp = () => {
    fill(
      card,
      h("h2", {}, "Make an account"),
      form(
        [
          { name: "first_name", label: "First name", autocomplete: "given-name", maxlength: 50 },
          { name: "last_name", label: "Last name", autocomplete: "family-name", maxlength: 50 },
          { name: "username", label: "User name", required: true, autocomplete: "nickname", maxlength: 16, hint: "8 to 16 letters, digits, dots, dashes; a letter first" },
          email,
          { name: "password", label: "Password", type: "password", required: true, autocomplete: "new-password", maxlength: 128, hint: "8 characters or more" },
        ],
        "Sign up",
        ({ first_name, last_name, username, email, password }) =>
          session.register({ email: email!, username: username!, password: password!, first_name: first_name || null, last_name: last_name || null }),
        h("button", { type: "button", class: "quiet", onclick: showLogin }, "I have one"),
      ),
    );
    card.querySelector("input")?.focus();
  };

  showLogin();
  return h(
    "main",
    { class: "welcome" },
    h(
      "div",
      { class: "hello" },
      h("img", { src: `${import.meta.env.BASE_URL}icon.svg`, alt: "", width: 56, height: 56 }),
      h("h1", {}, "Explaino"),
      h("p", {}, "Everybody knows something worth explaining. Ask on the board, talk it through, and say thank you with points."),
    ),
    card,
  );
}
