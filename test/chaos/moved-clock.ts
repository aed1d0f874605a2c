import { readFileSync } from "node:fs";

// Loaded into the process before its program: its clock is off by what the file says, which SIGUSR2 has it read anew.

const file = process.env["CLOCK_FILE"] ?? "";
const now = Date.now.bind(Date);
let moved = 0;

function read(): void {
  moved = Number(readFileSync(file, "utf8"));
}

Date.now = () => now() + moved;
process.on("SIGUSR2", read);
read();
