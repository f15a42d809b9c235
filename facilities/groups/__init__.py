"""Registration of groups (団体登録) under the rules of halls: applied for, reviewed, renewed, ended."""
