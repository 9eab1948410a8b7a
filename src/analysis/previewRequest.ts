import type { PreviewRequest } from './api.ts';

/**
 * The query of a preview URI. A pure function of the request with a fixed order, so that the same preview is the
 * same document.
 */
export function toPreviewQuery(request: PreviewRequest): string {
  return JSON.stringify([
    request.template,
    request.side,
    request.cluster,
    request.group ?? '',
    request.bookkeeping ? 1 : 0,
  ]);
}

/** The request of a preview URI's query, `undefined` when it is none of ours. */
export function fromPreviewQuery(query: string): PreviewRequest | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(query);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 5) return undefined;
  const [template, side, cluster, group, bookkeeping] = parts as readonly unknown[];
  if (typeof template !== 'string' || typeof cluster !== 'string') return undefined;
  if (side !== 'template' && side !== 'cluster') return undefined;
  return {
    template,
    side,
    cluster,
    ...(typeof group === 'string' && group !== '' ? { group } : {}),
    ...(bookkeeping === 1 ? { bookkeeping: true } : {}),
  };
}
