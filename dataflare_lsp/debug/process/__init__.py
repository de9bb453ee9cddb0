"""The process that is debugged: a plugin that stops at its border, and processes that stand still at earlier places.

Invariant: what runs here is foreign. Nothing of the adapter is in this process, and what it says is checked before it
is believed.

Going back is exact because a place that was passed is kept as a process. `timeline` makes these processes and wakes
them, `traveller` is the border that numbers what is passed and stops there, `inside` is the process's conversation.
"""
