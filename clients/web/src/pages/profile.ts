import { ok } from "@explaino/client";
import type { App, Page, Schemas } from "../app";
import { fill, h, icon } from "../dom";
import { form, sentenceOf } from "../forms";
import { avatar, nameOf } from "../people";

type Profile = Schemas["ProfileResponse"];

/** Somebody's profile, one's own too. */
export function profilePage({ client, me }: App, user_id: string): Page {
  const body = h("div", {}, h("p", { class: "hint" }, "Loading…"));

  const startChat = async () => {
    const chat = await ok(client.api.POST("/api/chats", { body: { user_id } }));
    await client.chat.sync();
    location.hash = `#/chat/${chat.id}`;
  };

  const show = (profile: Profile) =>
    fill(
      body,
      h(
        "section",
        { class: "card person" },
        avatar({ ...profile, deleted: false }, true),
        h(
          "div",
          {},
          h("h1", {}, nameOf(profile)),
          h("p", { class: "hint" }, `@${profile.username ?? ""}`),
          profile.headline !== null && h("p", { class: "headline" }, profile.headline),
          h("p", { class: "hint" }, [profile.current_role, profile.current_company, profile.location].filter(Boolean).join(" · ")),
        ),
        user_id === me.id
          ? h("a", { class: "button", href: "#/profile/edit" }, "Edit")
          : h("button", { class: "primary", onclick: () => void startChat() }, icon("chat"), "Message"),
      ),
      section("About", profile.about ?? profile.bio, (text) => h("p", { class: "text" }, text)),
      section("Skills", profile.skills.length > 0 && profile.skills, (skills) => h("ul", { class: "tags" }, ...skills.map((skill) => h("li", {}, skill.name)))),
      section("Experience", profile.experience.length > 0 && profile.experience, (items) =>
        h("ul", { class: "plain" }, ...items.map((item) => h("li", {}, h("strong", {}, item.title), ` · ${item.company}`, item.start_date !== null && h("span", { class: "hint" }, ` ${item.start_date} – ${item.end_date ?? "now"}`)))),
      ),
    );

  ok(client.api.GET("/api/profiles/{user_id}", { params: { path: { user_id } } })).then(show, (error: unknown) => fill(body, h("p", { class: "hint" }, sentenceOf(error))));
  return { title: "Profile", element: body };
}

function section<T>(title: string, content: T | null | false, show: (content: T) => HTMLElement): HTMLElement | null {
  return content ? h("section", { class: "card" }, h("h2", {}, title), show(content)) : null;
}

export function editProfilePage(app: App): Page {
  const { client, me } = app;
  const body = h("section", { class: "card" });

  const show = (profile: Profile) =>
    fill(
      body,
      form(
        [
          { name: "first_name", label: "First name", value: me.first_name, maxlength: 50, autocomplete: "given-name" },
          { name: "last_name", label: "Last name", value: me.last_name, maxlength: 50, autocomplete: "family-name" },
          { name: "headline", label: "Headline", value: profile.headline, maxlength: 150, hint: "What you explain, in one line" },
          { name: "location", label: "Place", value: profile.location, maxlength: 150 },
          { name: "current_role", label: "What you do", value: profile.current_role, maxlength: 150 },
          { name: "about", label: "About you", type: "area", value: profile.about, maxlength: 1000 },
          { name: "skills", label: "Skills", value: profile.skills.map((skill) => skill.name).join(", "), hint: "Separated by commas" },
        ],
        "Save",
        async ({ first_name, last_name, skills, ...rest }) => {
          app.me = await ok(client.api.PATCH("/api/users/me", { body: { first_name: first_name || null, last_name: last_name || null } }));
          await ok(client.api.PATCH("/api/profiles/me", { body: Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, value || null])) }));
          const known = new Map(profile.skills.map((skill) => [skill.name, skill.id]));
          const items = [...new Set(skills!.split(",").map((name) => name.trim()).filter(Boolean))].map((name) => ({ name, id: known.get(name) ?? null }));
          await ok(client.api.PUT("/api/profiles/me/skills", { body: { items } }));
          location.hash = "#/profile";
        },
        h("a", { class: "quiet", href: "#/profile" }, "Cancel"),
      ),
    );

  ok(client.api.GET("/api/profiles/{user_id}", { params: { path: { user_id: me.id } } })).then(show, (error: unknown) => fill(body, h("p", { class: "hint" }, sentenceOf(error))));
  return { title: "Edit profile", element: h("div", {}, h("h1", {}, "Edit profile"), body) };
}
