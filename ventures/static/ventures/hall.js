// A reviewer's page in the hall: when another team is called to the stage, it comes up by itself.

const hall = document.querySelector("[data-hall]");

async function ask() {
  try {
    const answer = await fetch(hall.dataset.hall, { headers: { Accept: "application/json" } });
    if (!answer.ok) return;
    const told = await answer.json();
    const stage = told.stage === null ? "" : String(told.stage);
    if (stage !== hall.dataset.stage) location.reload();
  } catch {
    // No network for a moment: the next time will do.
  }
}

setInterval(ask, 5000);
