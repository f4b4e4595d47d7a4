export default function (): void {
  const a: number = ;
}
