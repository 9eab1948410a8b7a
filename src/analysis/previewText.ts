import type { JsonObject } from '../engine/index.ts';
import { displayedText } from './displayManifest.ts';

/** What the text of one side is made from. */
export interface PreviewTextInput {
  /** `HelmRelease default/podinfo` */
  readonly title: string;
  readonly side: 'template' | 'cluster';
  /** Names behind the right side, first the representative; empty when the entry speaks of no cluster. */
  readonly clusters: readonly string[];
  /** Said in the very first line, when the group is not the one that was opened. */
  readonly groupNote?: string | undefined;
  /** Which clusters it comes to and leaves; empty when none. */
  readonly movement?: string;
  readonly assumptions: readonly string[];
  /** Policies whose overrides make the two sides differ; empty where they do not. */
  readonly overriddenBy: readonly string[];
  readonly template: JsonObject | undefined;
  /** Whether the template is shown beside clusters that get nothing: they have it now. */
  readonly isLost?: boolean;
  /** What the clusters get; absent when they get nothing. */
  readonly manifest?: JsonObject | undefined;
  /** Why they get nothing, or what else is to be known; one sentence a line. */
  readonly remarks: readonly string[];
  readonly bookkeeping: boolean;
}

const shownNames = 12;

/**
 * The text of one side of a preview: comment lines that say what it is, then the object. Both sides carry the same
 * number of lines of assumptions, so that a diff shows what differs and nothing else.
 */
export function previewText(input: PreviewTextInput): string {
  const { side, manifest, template, bookkeeping, movement = '' } = input;
  const moves = movement === '' ? [] : [movement];
  const lines = [headline(input), ...moves, ...input.assumptions];
  if (side === 'template') {
    // Clusters that get nothing have nothing to compare the template with; a page in red would hide the reason.
    return (
      toComments(lines) +
      (template && (manifest || input.isLost)
        ? displayedText(template, { side: 'before', other: manifest, bookkeeping: false })
        : '')
    );
  }
  const note = input.groupNote === undefined ? [] : [input.groupNote];
  return (
    toComments([...note, ...lines, ...input.remarks]) +
    (manifest ? displayedText(manifest, { side: 'after', other: template, bookkeeping }) : '')
  );
}

/**
 * What the side is. The same on both sides of an unchanged result, which then shows no difference at all. Different
 * where overrides change something: a diff folds unchanged lines away, and so keeps the assumptions below in sight.
 */
function headline({ title, side, clusters, overriddenBy }: PreviewTextInput): string {
  const name = clusters.length === 0 ? title : `${title} for ${listClusters(clusters)}`;
  if (overriddenBy.length === 0) return name;
  return side === 'template'
    ? `${name}: the template`
    : `${name}: overridden by ${overriddenBy.join(', ')}`;
}

/** `member1`, `member1 and member2`, `member1, member2 and 10 more`. */
export function listClusters(clusters: readonly string[]): string {
  if (clusters.length > shownNames) {
    return `${clusters.slice(0, shownNames).join(', ')} and ${clusters.length - shownNames} more`;
  }
  if (clusters.length < 2) return clusters.join('');
  return `${clusters.slice(0, -1).join(', ')} and ${clusters.at(-1) ?? ''}`;
}

/** Our own sentences are broken here, so that they can be read in half of an editor. Karmada's words stay whole. */
const widest = 72;

/** A sentence in lines of bounded width; a word longer than that is not broken. */
export function wrapSentence(sentence: string): readonly string[] {
  const lines: string[] = [];
  for (const word of sentence.split(' ')) {
    const last = lines.at(-1);
    if (last === undefined || last.length + 1 + word.length > widest) lines.push(word);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** Every line as a YAML comment; characters that would end a line are made visible, so that no text escapes. */
export function toComments(lines: readonly string[]): string {
  return lines
    .flatMap((line) => line.split(/\r\n|[\n\r\u0085\u2028\u2029]/))
    .map(
      (line) =>
        `# ${line.replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f\ufeff]/g, '\ufffd')}`.trimEnd() +
        '\n',
    )
    .join('');
}
