import { structuredPatch } from 'diff';
import {
  allCodes,
  exampleUri,
  findingsOf,
  fixOf,
  missingParts,
  openExample,
  readExample,
} from './diagnosticExamples.ts';
import type { DiagnosticExample } from './diagnosticExamples.ts';

const note = '<!-- Made by scripts/diagnosticDocs.mjs from test/fixtures/diagnostics. -->';

/** The pages about all codes that have an example, by file name, and the table of all codes. */
export function diagnosticPages(): ReadonlyMap<string, string> {
  const pages = new Map([['README.md', readme()]]);
  for (const code of allCodes) {
    if (missingParts(code).length === 0) pages.set(`${code}.md`, page(readExample(code)));
  }
  return pages;
}

function readme(): string {
  const rows = allCodes.map((code) => {
    const { row } = readExample(code);
    return `| [\`${code}\`](${code}.md) | ${row.severity} | ${row.title} |`;
  });
  return `${note}

# Findings

Every finding has a code. Codes are stable: settings and comments name them. Each page says what a code means, why Karmada or Flux does so, and shows an example before and after its fix.

| Code | Default severity | What it means |
| ---- | ---------------- | ------------- |
${rows.join('\n')}

## One cause, one finding

Where several codes fit one place, the more specific one is reported. A finding on a policy that comes from many clusters is one finding, with their number and names.

## Silencing

- A severity for each code: \`"karmada.severities": { "yaml-1-1": "hint", "template-not-propagated": "off" }\`.
- A comment for one line, behind it or above it: \`# karmada-ignore override-fails\`. Several codes are separated by commas; without a code all findings of the line are silenced. Words after \`--\` are for people: \`# karmada-ignore unknown-cluster -- joins next week\`.
- A comment for one file, anywhere in it: \`# karmada-ignore-file unknown-cluster, yaml-1-1\`.
- \`karmada.exclude\`: globs, relative to the workspace folder, of files that take no part at all.

The quick fixes of a finding offer both comments.

## What is left alone

- Documents with Go templates, and everything in the \`templates\` folder of a Helm chart.
- Kustomizations, and the patches, replacements, transformers and generators that they name.
- Values that SOPS encrypted. The object itself takes part: Flux decrypts it before it is applied.
- YAML that is no Kubernetes object, whether it can be read or not.

## Beside the YAML extension

Where [YAML by Red Hat](https://marketplace.visualstudio.com/items?itemName=redhat.vscode-yaml) is installed, plain errors of YAML (syntax, a key given twice) are left to it, so that none is reported twice. What only kubectl and Flux make of a text stays \`yaml-syntax\`: a value that Go refuses, text behind the end of a document, a document that is skipped. If you also give that extension schemas for Flux or Karmada, it reports wrong fields a second time; its setting \`yaml.schemas\` decides on that.
`;
}

function page(example: DiagnosticExample): string {
  const { code, row, about, before, after, others } = example;
  const workspace = openExample(example, before);
  const findings = findingsOf(workspace);
  const fix = fixOf(workspace);
  const reports = findings.map(
    ({ message, range }) => `> Line ${range.start.line + 1}: ${escaped(message)}`,
  );
  const files = Object.entries(others).map(
    ([name, text]) =>
      `Beside it, \`${name}\`:\n\n${fenced(text, name.endsWith('.json') ? 'json' : 'yaml')}`,
  );
  const mended = fix
    ? `## After the quick fix “${escaped(fix.title)}”`
    : '## After it is put right by hand';
  return `${note}

# ${row.title}

\`${code}\` · ${row.severity} by default

${about}

## Before

${[fenced(before), ...files, reports.join('\n>\n')].join('\n\n')}

${mended}

${changes(before, after)}

[All findings, and how to silence them](README.md)
`;
}

/** What changes, with a little of what stands around it. */
function changes(before: string, after: string): string {
  const { hunks } = structuredPatch('', '', before, after, '', '', { context: 4 });
  const lines = hunks.map((hunk) => hunk.lines.join('\n'));
  return `\`\`\`diff\n${lines.join('\n…\n')}\n\`\`\``;
}

function fenced(text: string, language = 'yaml'): string {
  return `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
}

/** Messages are plain text; what Markdown would read in them is escaped. */
function escaped(text: string): string {
  return text.replaceAll(exampleUri, 'this file').replaceAll(/[\\`*_<>[\]]/g, '\\$&');
}
