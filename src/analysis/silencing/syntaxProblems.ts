import { isObject, stringMember } from '../../engine/index.ts';
import type { SourceDocument, SourceProblem } from '../../yaml/index.ts';
import type { YamlSyntax } from '../settings.ts';
import type { OpenFile } from '../snapshot.ts';

/** What any parser of YAML reports; the rest is what only kubectl and Flux make of a text. */
const reportedByOthers: ReadonlySet<string> = new Set(['yaml-syntax', 'duplicate-key']);

/** What is wrong with the text of a file's Kubernetes documents. Other YAML is none of our business. */
export function syntaxProblems(file: OpenFile, who: YamlSyntax): readonly SourceProblem[] {
  const { problems, documents } = file.source;
  const found = [
    ...(looksLikeKubernetes(file.source.text.slice(0, 10_000)) ? problems : []),
    ...documents.flatMap((document) =>
      document.problems.length > 0 && isKubernetes(document) ? document.problems : [],
    ),
  ];
  return who === 'own' ? found : found.filter(({ code }) => !reportedByOthers.has(code));
}

/** A document that is read tells by its value, a broken one by its lines. */
function isKubernetes({ value, read }: SourceDocument): boolean {
  return value === undefined
    ? looksLikeKubernetes(read.text)
    : isObject(value) &&
        stringMember(value, 'apiVersion') !== '' &&
        stringMember(value, 'kind') !== '';
}

function looksLikeKubernetes(text: string): boolean {
  return /^(["']?)apiVersion\1[ \t]*:/m.test(text) && /^(["']?)kind\1[ \t]*:/m.test(text);
}
