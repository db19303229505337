// Reads the binary form that packing.py writes. Knows nothing of what the arrays mean.

const KINDS = { float64: Float64Array, float32: Float32Array, int64: BigInt64Array };

/** { header, arrays: { name: { shape, values } } }: views into the buffer, nothing is copied. */
const unpack = (buffer) => {
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const arrays = {};
  for (const { name, dtype, shape, offset } of header.arrays) {
    const size = shape.reduce((product, n) => product * n, 1);
    arrays[name] = { shape, values: new KINDS[dtype](buffer, 4 + length + offset, size) };
  }
  return { header, arrays };
};

/** The answer of a binary route; an Error with the lesson in it where there is none. */
const fetchPacked = async (url, signal) => {
  const answer = await fetch(url, { signal });
  if (!answer.ok) {
    const { message } = await answer.json().catch(() => ({ message: `The app answered ${answer.status}.` }));
    throw Object.assign(new Error(message), { status: answer.status });
  }
  return unpack(await answer.arrayBuffer());
};
