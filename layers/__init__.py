"""From located incidents to what people see."""
