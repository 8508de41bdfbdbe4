/** Marks of writing direction, and what no file system takes in a name. */
const UNFIT = /[\p{C}\u2028\u2029"\\/:*?<>|]/gu;

/** A Content-Disposition (RFC 6266) that has a browser save an answer, under a name that somebody typed. */
export function savedUnder(name: string): string {
  const fit = name.replace(UNFIT, '_').slice(0, 200);
  const ascii = fit.replace(/[^\x20-\x7e]/g, '_').replace(/[%;']/g, '_');
  const encoded = encodeURIComponent(fit.toWellFormed?.() ?? fit).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
