// import() is refused.
export default async function () {
  try {
    const module = await import('k6/http');
    console.log('allowed', typeof module);
  } catch (error) {
    console.log(error.name, error.message);
  }
}
