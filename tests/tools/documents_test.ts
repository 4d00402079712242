// What the documents say of files, versions, packages and tasks is so.
import { assert, assertEquals, assertStringIncludes } from "@std/assert";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const read = (file: string) => Deno.readTextFileSync(join(root, file));
const exists = (file: string) => {
  try {
    return Deno.statSync(join(root, file)) !== undefined;
  } catch {
    return false;
  }
};
const config = JSON.parse(read("deno.json"));
const docs = [...Deno.readDirSync(join(root, "docs"))].map(({ name }) => name).filter((name) =>
  name.endsWith(".md")
);
const documents = ["README.md", "CONTENTS.md", "CHANGELOG.md", ...docs.map((name) => `docs/${name}`)];

Deno.test("the version is the same in deno.json, CITATION.cff and CHANGELOG.md", () => {
  assertStringIncludes(read("CITATION.cff"), `\nversion: ${config.version}\n`);
  assertEquals(/^## (\S+)/m.exec(read("CHANGELOG.md"))?.[1], config.version);
});

Deno.test("each jsr package has a stand-in of the same name and version, and its subpaths", () => {
  const jsr = Object.values<string>(config.imports).filter((specifier) => specifier.startsWith("jsr:"));
  assert(jsr.length > 0);
  for (const specifier of jsr) {
    const [, name, version] = /^jsr:(@std\/\w+)@([\d.]+)$/.exec(specifier) ?? [];
    const standIn = JSON.parse(read(`tools/stand_ins/${name?.replace("@std/", "")}/deno.json`));
    assertEquals([standIn.name, standIn.version], [name, version]);
    for (const file of Object.values<string>(standIn.exports)) {
      assert(exists(`tools/stand_ins/${name?.replace("@std/", "")}/${file}`), `${name} ${file}`);
    }
  }
});

Deno.test("each dependency is pinned, and its reason is in docs/dependencies.md", () => {
  const reasons = read("docs/dependencies.md");
  for (const specifier of Object.values<string>(config.imports)) {
    assert(/@\d+\.\d+\.\d+$/.test(specifier), `${specifier} is not pinned`);
    assertStringIncludes(reasons, `| \`${specifier.replace(/@[\d.]+$/, "")}\` |`);
  }
});

Deno.test("links of the documents lead to files that exist", () => {
  for (const document of documents) {
    for (const [, target = ""] of read(document).matchAll(/\]\(([^)#]+)(?:#[^)]*)?\)/g)) {
      if (/^[a-z]+:/.test(target)) continue;
      assert(exists(join(dirname(document), target)), `${document} links to ${target}`);
    }
  }
});

Deno.test("files that CONTENTS.md names exist", () => {
  const names = [...read("CONTENTS.md").matchAll(/`([\w/.-]+(?:\.\w+|\/))`/g)].map((match) => match[1]!);
  assert(names.length > 20);
  assertEquals(names.filter((name) => !exists(name)), []);
});

Deno.test("tasks that the documents name exist", () => {
  for (const document of documents) {
    for (const [, task = ""] of read(document).matchAll(/deno(?:@[\d.]+)? task ([a-z][a-z:0-9]*)/g)) {
      assert(task in config.tasks, `${document} names the task ${task}`);
    }
  }
});

Deno.test("files that the tasks start exist", () => {
  for (const [task, command] of Object.entries<string>(config.tasks)) {
    for (const [file] of command.matchAll(/[\w/]+\.(?:ts|yaml)\b/g)) {
      assert(exists(file), `${task} starts ${file}`);
    }
  }
});
