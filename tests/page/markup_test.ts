import { assertEquals } from "@std/assert";
import { html } from "../../page/markup.ts";

Deno.test("html escapes text and leaves markup", () => {
  const name = `<b onclick="x">'&`;
  assertEquals(
    html`<p title="${name}">${name}${html`<i>${[1, "<"]}</i>`}${undefined}</p>`.text,
    '<p title="&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;">&lt;b onclick=&quot;x&quot;&gt;&#39;&amp;<i>1&lt;</i></p>',
  );
});
