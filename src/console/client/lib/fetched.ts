/** The text at an address of this server. @throws Error with what the server says, where it refuses. */
export async function fetchText(address: string): Promise<string> {
  const response = await fetch(address, { headers: { Accept: 'application/json, text/plain' } });
  const text = await response.text();
  if (response.ok) return text;
  throw new Error(`${address} answers ${response.status}: ${detailOf(text)}`);
}

function detailOf(text: string): string {
  try {
    return (JSON.parse(text) as { detail?: string }).detail ?? text;
  } catch {
    return text.slice(0, 200);
  }
}

/** An RFC 6962 consistency proof, its hashes in base64. @throws Error also where the answer is not one. */
export async function fetchConsistency(log: string, from: number, to: number): Promise<string[]> {
  const address = `${log}/consistency?from=${from}&to=${to}`;
  const { proof } = JSON.parse(await fetchText(address)) as { proof?: unknown };
  if (Array.isArray(proof) && proof.every((hash) => typeof hash === 'string')) return proof as string[];
  throw new Error(`${address} answers something else than a proof`);
}
