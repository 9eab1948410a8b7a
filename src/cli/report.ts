import { createTwoFilesPatch } from 'diff';
import type { PreviewEntry, TemplateInfo, Workspace } from '../analysis/index.ts';
import type { Outcome, Variant } from '../engine/index.ts';
import type { PreviewArguments } from './arguments.ts';
import { toJsonText } from './jsonText.ts';

/** The whole output of `preview`, and whether an override fails or an object would be refused. */
export function report(
  workspace: Workspace,
  args: PreviewArguments,
): { readonly text: string; readonly failed: boolean } {
  const preview = workspace.preview();
  const failed = preview.problems.some(({ severity }) => severity === 'error');
  if (args.output === 'json') {
    const outcomes = preview.outcomes.map((outcome) => toShown(workspace, outcome, args));
    return { text: `${toJsonText({ ...preview, outcomes })}\n`, failed };
  }
  const header = preview.assumptions.map((line) => `# ${line}\n`).join('');
  // Advice that changes nothing about the preview is for the editor, and for JSON.
  const problems = preview.problems
    .filter(({ severity }) => severity === 'error' || severity === 'warning')
    .map(
      ({ uri, range, severity, message }) =>
        `# ${uri}:${range.start.line + 1}: ${severity}: ${message.replaceAll('\n', ' ')}\n`,
    );
  const parts = workspace.templates().flatMap((template) =>
    workspace
      .entries(template.key)
      .flatMap((entry) => shown(entry, args))
      .map((entry) => part(workspace, template, entry, args)),
  );
  const body = parts.length > 0 ? parts.join('') : '# There is nothing to preview.\n';
  return { text: header + problems.join('') + body, failed };
}

function part(
  workspace: Workspace,
  template: TemplateInfo,
  entry: PreviewEntry,
  args: PreviewArguments,
): string {
  const request = {
    template: template.key,
    cluster: entry.cluster,
    ...(entry.clusters.length > 1 ? { group: entry.group } : {}),
    ...(args.bookkeeping ? { bookkeeping: true } : {}),
  };
  const after = workspace.previewText({ ...request, side: 'cluster' }, { assumptions: false });
  if (args.output === 'yaml') return `---\n${after}`;
  const before = workspace.previewText({ ...request, side: 'template' }, { assumptions: false });
  if (before === after || !workspace.manifest({ ...request, side: 'cluster' })) {
    return commentsOf(after) + (entry.state === 'unchanged' ? `# ${entry.detail}\n` : '');
  }
  const name = `${template.kind}/${template.namespace || 'cluster-scoped'}/${template.name}.yaml`;
  const patch = createTwoFilesPatch(`template/${name}`, `${entry.label}/${name}`, before, after);
  return patch.replace(/^=+\n/, '');
}

/** The leading lines of a text that say what it is, for a part in which there is nothing to compare. */
function commentsOf(text: string): string {
  const lines = text.split('\n');
  const end = lines.findIndex((line) => !line.startsWith('#'));
  return `${lines.slice(0, end < 0 ? lines.length : end).join('\n')}\n`;
}

/** An entry as asked for: one cluster only, or each cluster apart where Karmada's keys make them differ. */
function shown(entry: PreviewEntry, { cluster, bookkeeping }: PreviewArguments): PreviewEntry[] {
  const toOne = (name: string): PreviewEntry => ({
    ...entry,
    cluster: name,
    label: name,
    clusters: [name],
  });
  // What concerns no cluster, such as a release that no policy claims, concerns each of them.
  if (entry.clusters.length === 0) return [entry];
  if (cluster !== undefined) return entry.clusters.includes(cluster) ? [toOne(cluster)] : [];
  return bookkeeping && entry.clusters.length > 1 ? entry.clusters.map(toOne) : [entry];
}

/** An outcome as asked for, its manifests as the texts show them. */
function toShown(workspace: Workspace, outcome: Outcome, args: PreviewArguments): Outcome {
  const isAsked = (name: string): boolean => args.cluster === undefined || name === args.cluster;
  const variants = outcome.variants.flatMap((variant): Variant[] => {
    const clusters = variant.clusters.filter(isAsked);
    if (!variant.manifest) return clusters.length > 0 ? [{ ...variant, clusters }] : [];
    const groups = args.bookkeeping ? clusters.map((name) => [name]) : [clusters];
    return groups.flatMap((group): Variant[] => {
      const [cluster] = group;
      if (cluster === undefined) return [];
      const { bookkeeping } = args;
      const request = {
        template: outcome.template,
        side: 'cluster',
        cluster,
        bookkeeping,
      } as const;
      const manifest = workspace.manifest(request);
      return [{ ...variant, clusters: group, ...(manifest ? { manifest } : {}) }];
    });
  });
  const clusters = outcome.clusters?.filter(isAsked);
  return { ...outcome, ...(clusters ? { clusters } : {}), variants };
}
