/** Whatever Prisma's CLI takes from a package that is left out: a function that says so when it is called. */
const sentence =
  'prisma studio and prisma dev are left out of this project: docs/decisions/0016-dependencies.md';
function say() {
  throw new Error(sentence);
}
module.exports = new Proxy({}, { get: (_, key) => (key === '__esModule' ? undefined : say) });
